import { chromium } from "playwright-core";
import { execSync } from "node:child_process";
import { createServer } from "node:http";
import { serveMadeUp } from "./support/made-up.js";
const t={after(){}};
const base=await serveMadeUp(t);
const extra=(process.argv[2]??"").split(" ").filter(Boolean);
const b=await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox","--disable-gpu","--use-fake-device-for-media-stream","--use-fake-ui-for-media-stream","--disable-renderer-backgrounding","--disable-background-timer-throttling","--disable-backgrounding-occluded-windows",...extra]});
const cpu=()=>{const out={};for(const l of execSync("ps -eo pid,args | grep chromium | grep -v grep",{encoding:"utf8"}).split("\n")){const pid=l.trim().split(" ")[0];if(!pid)continue;const type=/--type=([\w-]+)/.exec(l)?.[1]??"main";const sub=/--utility-sub-type=(\w+)/.exec(l)?.[1]??"";try{const s=execSync(`cat /proc/${pid}/stat`,{encoding:"utf8",stdio:["ignore","pipe","ignore"]}).split(") ")[1].split(" ");out[type+sub]=(out[type+sub]??0)+(+s[11]+ +s[12])/100}catch{}}return out};
const diff=(a,b)=>Object.fromEntries(Object.entries(b).map(([k,v])=>[k,+(v-(a[k]??0)).toFixed(2)]).filter(([,v])=>v>0.05));
const p=await (await b.newContext({viewport:{width:1280,height:800},reducedMotion:"reduce"})).newPage();
for(const addr of ["/","/r/yard","/r/yard?enter=1&people=4","/r/yard?enter=1&people=16"]){
  await p.goto(base+addr);await new Promise(r=>setTimeout(r,2000));
  const a=cpu();await new Promise(r=>setTimeout(r,5000));
  console.log(addr,"idle 5 s",diff(a,cpu()));
  const c=cpu();for(let i=0;i<10;i++){await p.goto(base+addr);await p.locator("h1").first().waitFor({state:"attached"});}
  console.log(addr,"10 loads",diff(c,cpu()));
  const d=cpu();const n0=process.cpuUsage();for(let i=0;i<10;i++)await p.screenshot();
  console.log(addr,"10 shots",diff(d,cpu()),process.cpuUsage(n0).user/1e6);
}
await b.close();process.exit();
