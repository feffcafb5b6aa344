// A shop with two branches (channels) and a training branch, and its first weeks, each moment at its own time.
const { goTo } = require('./clock.js');
const { core, config, need } = require('./shop.js');
const { facts, admin, logIn } = require('./asking.js');
const { Life, DAY } = require('./trade.js');
const { populate } = need('@vendure/core/cli');

const initialData = {
  defaultLanguage: 'en', defaultZone: 'Europe', countries: [{ name: 'Germany', code: 'DE', zone: 'Europe' }],
  taxRates: [{ name: 'Standard Tax', percentage: 20 }, { name: 'Zero Tax', percentage: 0 }],
  shippingMethods: [{ name: 'Collected', price: 0 }, { name: 'Parcel', price: 590 }],
  paymentMethods: [{ name: 'Cash', handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] } }],
  collections: [],
};
const goods = [['Teapot', 'TEA-1', 2490], ['Cup', 'CUP-1', 790], ['Green tea', 'GRN-1', 1250], ['Black tea', 'BLK-1', 995], ['Honey', 'HON-1', 645], ['Samovar', 'SAM-1', 18900]];
const branches = { north: 'North branch', south: 'South branch', training: 'Training branch' };

async function masters() {
  const owner = await logIn('superadmin');
  const as = { token: owner };
  const { zones } = await admin('{ zones { items { id } } }', {}, as);
  const zone = zones.items[0].id;
  const channels = {};
  const { activeChannel } = await admin('{ activeChannel { id } }', {}, as);
  for (const [code, name] of Object.entries(branches)) {
    const { createChannel } = await admin('mutation($i: CreateChannelInput!) { createChannel(input: $i) { ... on Channel { id code token } ... on ErrorResult { errorCode message } } }',
      { i: { code, token: `${code}-token`, defaultLanguageCode: 'en', availableLanguageCodes: ['en'], pricesIncludeTax: true, defaultCurrencyCode: 'EUR', availableCurrencyCodes: ['EUR'], defaultTaxZoneId: zone, defaultShippingZoneId: zone } }, as);
    channels[code] = createChannel;
  }
  const all = Object.values(channels).map(one => one.id);
  await admin('mutation($i: UpdateChannelInput!) { updateChannel(input: $i) { ... on Channel { id } ... on ErrorResult { errorCode message } } }', { i: { id: activeChannel.id, pricesIncludeTax: true, defaultTaxZoneId: zone, defaultShippingZoneId: zone, currencyCode: 'EUR', defaultCurrencyCode: 'EUR', availableCurrencyCodes: ['EUR'] } }, as);
  const { shippingMethods, paymentMethods, stockLocations, taxCategories } = await admin('{ shippingMethods { items { id } } paymentMethods { items { id } } stockLocations { items { id } } taxCategories { items { id name } } }', {}, as);
  for (const channel of all) {
    await admin('mutation($i: AssignShippingMethodsToChannelInput!) { assignShippingMethodsToChannel(input: $i) { id } }', { i: { channelId: channel, shippingMethodIds: shippingMethods.items.map(one => one.id) } }, as);
    await admin('mutation($i: AssignPaymentMethodsToChannelInput!) { assignPaymentMethodsToChannel(input: $i) { id } }', { i: { channelId: channel, paymentMethodIds: paymentMethods.items.map(one => one.id) } }, as);
    await admin('mutation($i: AssignStockLocationsToChannelInput!) { assignStockLocationsToChannel(input: $i) { id } }', { i: { channelId: channel, stockLocationIds: stockLocations.items.map(one => one.id) } }, as);
  }
  const tax = (taxCategories.items.find(one => one.name.startsWith('Zero')) || taxCategories.items[0]).id;
  for (const [name, sku, price] of goods) {
    const { createProduct } = await admin('mutation($i: CreateProductInput!) { createProduct(input: $i) { id } }', { i: { enabled: true, translations: [{ languageCode: 'en', name, slug: name.toLowerCase().replace(' ', '-'), description: name }] } }, as);
    await admin('mutation($i: [CreateProductVariantInput!]!) { createProductVariants(input: $i) { id } }', { i: [{ productId: createProduct.id, sku, price, stockOnHand: 100000, trackInventory: 'FALSE', taxCategoryId: taxCategories.items[0].id, translations: [{ languageCode: 'en', name }] }] }, as);
    for (const channel of all) await admin('mutation($i: AssignProductsToChannelInput!) { assignProductsToChannel(input: $i) { id } }', { i: { channelId: channel, productIds: [createProduct.id], priceFactor: 1 } }, as);
  }
  const sell = ['ReadOrder', 'UpdateOrder', 'CreateOrder', 'ReadCustomer', 'CreateCustomer', 'UpdateCustomer', 'ReadCatalog', 'ReadSettings', 'ReadChannel', 'ReadShippingMethod', 'ReadPaymentMethod', 'ReadCountry'];
  const roles = {};
  for (const code of Object.keys(branches)) {
    for (const [role, permissions] of [['sales', sell], ['lead', [...sell, 'DeleteOrder', 'UpdateCatalog']]]) {
      const { createRole } = await admin('mutation($i: CreateRoleInput!) { createRole(input: $i) { id } }', { i: { code: `${code}-${role}`, description: `${branches[code]} ${role}`, permissions, channelIds: [channels[code].id] } }, as);
      roles[`${code}-${role}`] = createRole.id;
    }
  }
  for (const login of Object.keys(facts.passwords)) {
    const role = Object.keys(roles).find(one => one.split('-').every(word => login.includes(word)));
    await admin('mutation($i: CreateAdministratorInput!) { createAdministrator(input: $i) { id } }', { i: { firstName: login.split('.')[0], lastName: login.split('.').slice(1).join(' '), emailAddress: login, password: facts.passwords[login], roleIds: [roles[role]] } }, as);
  }
  for (const code of Object.keys(branches)) {
    for (let number = 1; number <= (code === 'training' ? 2 : 12); number++) {
      await admin('mutation($i: CreateCustomerInput!) { createCustomer(input: $i) { ... on Customer { id } ... on ErrorResult { errorCode message } } }', { i: { firstName: code === 'training' ? 'Trial' : 'Kim', lastName: code === 'training' ? `Client ${number}` : `${code} ${number}`, emailAddress: `${code}${number}@customers.example.com` } }, { token: owner, channel: `${code}-token` });
    }
  }
}

async function main() {
  const first = Date.parse(facts.first);
  goTo(first - 3 * DAY);
  const app = await populate(() => core.bootstrap(config).then(async app => { await app.get(core.JobQueueService).start(); return app; }), initialData);
  await masters();
  await new Life(first).until(Date.parse(facts.night));
  await new Promise(done => setTimeout(done, 3000));
  await app.close();
  process.exit(0);
}
main().catch(error => { console.error(error); process.exit(1); });
