import { render } from "preact";
import { App } from "./app.js";
import { keepConnected } from "./connection.js";
import { applyTheme } from "./theme.js";

applyTheme();
keepConnected();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
