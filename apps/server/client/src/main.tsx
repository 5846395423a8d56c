import { render } from "preact";
import { App } from "./app.js";
import { keepConnected } from "./connection.js";
import { keepTheme } from "./theme.js";

keepTheme();
keepConnected();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
