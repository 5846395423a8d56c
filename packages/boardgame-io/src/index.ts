export { type BoardgameStorage, type BoardgameStorageOptions, createBoardgameStorage } from "./storage.js";
export type { OnError } from "./until-answered.js";
