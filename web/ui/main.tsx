import { server } from "./backend.ts";
import { open } from "./open.tsx";

void open(server);
