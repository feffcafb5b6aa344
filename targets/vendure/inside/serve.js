// Serve the shop, with its job queue in the same process, from SHOP_STANDS on. A POST to the port SHOP_LIFE_PORT with
// {"until": instant} lives on until then; the file SHOP_CLOCK tells what time it is here.
const fs = require('fs');
const http = require('http');
const { goTo, realNow } = require('./clock.js');
const stands = Date.parse(process.env.SHOP_STANDS);
goTo(stands);
const { core, config } = require('./shop.js');
const { Life } = require('./trade.js');

const life = new Life(stands);
function tell(moment) {
  const draft = `${process.env.SHOP_CLOCK}.part`;
  const told = at => new Date(at).toISOString().replace('Z', '+00:00');
  fs.writeFileSync(draft, JSON.stringify({ set_to: told(moment), set_at: told(realNow()), rate: 1 }));
  fs.renameSync(draft, process.env.SHOP_CLOCK);
}

async function liveOn(request, response) {
  let said = '';
  for await (const part of request) said += part;
  try {
    const until = Date.parse(JSON.parse(said).until);
    await life.until(until);
    tell(Date.now());
    response.end('lived');
  } catch (error) {
    response.writeHead(500).end(String(error.stack));
  }
}

async function main() {
  const app = await core.bootstrap(config);
  await app.get(core.JobQueueService).start();
  tell(Date.now());
  http.createServer(liveOn).listen(Number(process.env.SHOP_LIFE_PORT), '127.0.0.1');
}
main().catch(error => { console.error(error); process.exit(1); });
