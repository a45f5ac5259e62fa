// The page with a made-up room behind it; see fake.ts.

import { render } from "preact";
import { App } from "../app.tsx";
import "../style/main.css";
import { fake } from "./fake.ts";

render(<App backend={fake} />, document.getElementById("app")!);
