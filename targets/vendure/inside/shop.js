// The shop as its owner configured it; used by `serve.js` and `fill.js`. Everything comes from the environment.
const path = require('path');
const { createRequire } = require('module');
const need = createRequire(path.join(process.env.SHOP_SOFTWARE, 'package.json'));
const core = need('@vendure/core');
const { AdminUiPlugin } = need('@vendure/admin-ui-plugin');

const port = Number(process.env.SHOP_PORT);

const config = {
  apiOptions: { port, hostname: '127.0.0.1', adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: {
    tokenMethod: ['bearer', 'cookie'],
    superadminCredentials: { identifier: 'superadmin', password: process.env.SHOP_OWNER_PASSWORD },
    cookieOptions: { secret: 'of this machine only' },
    requireVerification: false,
  },
  entityOptions: { entityIdStrategy: new core.UuidIdStrategy() },
  dbConnectionOptions: {
    type: 'mysql', host: '127.0.0.1', port: Number(process.env.SHOP_DATABASE_PORT), username: process.env.SHOP_DATABASE_USER,
    password: process.env.SHOP_DATABASE_PASSWORD, database: process.env.SHOP_DATABASE, timezone: 'Z', synchronize: process.env.SHOP_SYNCHRONIZE === 'yes', logging: false,
  },
  logger: new core.DefaultLogger({ level: core.LogLevel.Info, timestamp: true }),
  paymentOptions: { paymentMethodHandlers: [core.dummyPaymentHandler] },
  plugins: [
    core.DefaultJobQueuePlugin.init({ pollInterval: 500 }),
    core.DefaultSearchPlugin.init({ bufferUpdates: false }),
    AdminUiPlugin.init({ route: 'admin', port }),
  ],
};
module.exports = { core, config, need, port };
