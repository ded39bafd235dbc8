import { openPlay } from './test/app/play.ts';
import { json } from './src/store/json.ts';
let t=Date.now();
const play = await openPlay();
console.log('open', Date.now()-t); t=Date.now();
const { reactions, replies } = await play.say('carol','/status');
console.log('say', Date.now()-t, reactions, replies.length, replies[0]?.length);
const s = await play.app.lastUpdate('netra-systems/netra-apex', 1278);
if (s) { t=performance.now(); const w = json(s.snapshot); console.log('json', performance.now()-t, w.length); t=performance.now(); JSON.stringify(s.snapshot); console.log('plain', performance.now()-t); console.log('same', w===JSON.stringify(s.snapshot)); const d=json(s.diagnosis); console.log('d', d===JSON.stringify(s.diagnosis)); }
console.log(play.logged.filter(l=>!l.includes('"level":30')).slice(0,5).map(l=>l.slice(0,600)));
await play.close();
