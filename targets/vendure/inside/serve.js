// Serve the shop, with its job queue in the same process.
const { core, config } = require('./shop.js');
core.bootstrap(config).then(app => app.get(core.JobQueueService).start()).catch(error => { console.error(error); process.exit(1); });
