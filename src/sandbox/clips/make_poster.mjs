// Makes 16x9.jpg, the sandbox's poster: a still in the colours of 16x9.mp4. Needs Chromium and
// playwright-core. The result is checked in; run it, in tests/interop, only to change it:
//   node ../../src/sandbox/clips/make_poster.mjs
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const { chromium } = createRequire(process.cwd() + "/package.json")("playwright-core");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 320, height: 180 } });
await page.setContent(`<body style="margin:0;height:180px;background:#1d3d8f;color:#fff;
  display:grid;place-items:center;font:bold 22px sans-serif">Motion sandbox: a poster</body>`);
const path = fileURLToPath(new URL("16x9.jpg", import.meta.url));
await page.screenshot({ path, type: "jpeg", quality: 60 });
await browser.close();
