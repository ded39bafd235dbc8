import { linearity } from './test/security/linear.ts';
import { patternsInSource } from './test/security/patterns.ts';
const only = process.argv[2] ? new RegExp(process.argv[2]) : /./;
for (const { file, pattern } of patternsInSource().filter((f) => only.test(f.file))) {
  const t = Date.now();
  const l = await linearity(pattern);
  if (!l.linear || Date.now() - t > 1500)
    console.log(file, String(pattern).slice(0, 150), l.linear, l.told.slice(0, 300), Date.now() - t);
}
