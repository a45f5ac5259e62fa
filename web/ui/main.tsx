import { render } from "preact";
import { App } from "./app.tsx";
import { server } from "./backend.ts";
import "./style/main.css";

render(<App backend={server} />, document.getElementById("app")!);
