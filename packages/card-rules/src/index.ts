export * from "./card-action.js";
export * from "./card-rules.js";
export { cardCatalogue } from "./cards/catalogue.js";
export { type StarterDeck, starterDecks } from "./cards/decks.js";
export * from "./choose-action.js";
export type { IllegalReason } from "./illegal-reason.js";
export * from "./legal-actions.js";
export * from "./new-card-game.js";
