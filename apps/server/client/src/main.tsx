import { render } from "preact";
import { keepTheme } from "./common/theme.js";
import { keepConnected } from "./connection/connection.js";
import { App } from "./pages/app.js";

keepTheme();
keepConnected();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
