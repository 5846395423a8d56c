// Of servers alone: browsers, which load the rest of this package, keep no text.
export * from "../codec/kept-text.js";
export * from "./bind-operations.js";
export * from "./cache.js";
export * from "./copy-bytes.js";
export * from "./deployment.js";
export * from "./digest.js";
export * from "./records.js";
export * from "./store.js";
export * from "./store-messages.js";
