export type * from "./answers.js";
export { type ApiClient, type ApiClientOptions, createApiClient } from "./api-client.js";
export { isFinal, Refusal, Unanswered } from "./errors.js";
export { isOlder, LatestGame } from "./latest-game.js";
export type { ApiRequest } from "./request.js";
export * as requests from "./requests.js";
export type { ApiSocket, ConnectionState, Watcher, WebSocketConstructor } from "./socket.js";
export { type RepeatOptions, untilAnswered } from "./until-answered.js";
