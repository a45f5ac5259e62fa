// The page with a made-up room behind it; see fake.ts. From the top of the repository:
//
//   go run github.com/evanw/esbuild/cmd/esbuild web/ui/dev/main.tsx --bundle --format=esm \
//     --jsx=automatic --jsx-import-source=preact --loader:.svg=file --outdir=web/ui \
//     --servedir=web/ui --serve-fallback=web/ui/index.html --serve=127.0.0.1:8099
//
// and open http://127.0.0.1:8099/r/yard?people=4

import { open } from "../open.tsx";
import "../style/main.css";
import { fake } from "./fake.ts";

void open(fake);
