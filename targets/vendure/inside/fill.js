// Some weeks of trade in two branches (channels), through Vendure's own APIs, each moment at its own time:
// the clock of this process and of its database sessions is moved.
const { goTo } = require('./clock.js');
const fs = require('fs');
const { core, config, need, port } = require('./shop.js');
const { populate } = need('@vendure/core/cli');

const facts = JSON.parse(fs.readFileSync(process.env.SHOP_FACTS, 'utf8'));
let seed = 4711;
const chance = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
const between = (low, high) => low + Math.floor(chance() * (high - low + 1));
const oneOf = list => list[Math.floor(chance() * list.length)];
const weighed = pairs => { let at = chance() * pairs.reduce((sum, [, weight]) => sum + weight, 0); for (const [what, weight] of pairs) { if ((at -= weight) < 0) return what; } return pairs[0][0]; };

async function ask(api, query, variables, { token, channel } = {}) {
  const headers = { 'content-type': 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  if (channel) headers['vendure-token'] = channel;
  const answer = await fetch(`http://127.0.0.1:${port}/${api}`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const told = await answer.json();
  if (told.errors) throw new Error(`${query} ${JSON.stringify(variables)}: ${JSON.stringify(told.errors)}`);
  const wrong = Object.values(told.data).find(one => one && one.errorCode);
  if (wrong) throw new Error(`${query} ${JSON.stringify(variables)}: ${JSON.stringify(wrong)}`);
  return { ...told.data, token: answer.headers.get('vendure-auth-token') };
}
const admin = (query, variables, as) => ask('admin-api', query, variables, as);
const shop = (query, variables, as) => ask('shop-api', query, variables, as);

async function logIn(username) {
  const told = await admin('mutation($u: String!, $p: String!) { login(username: $u, password: $p) { ... on CurrentUser { id } ... on ErrorResult { errorCode message } } }',
    { u: username, p: username === 'superadmin' ? process.env.SHOP_OWNER_PASSWORD : facts.passwords[username] });
  return told.token;
}

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

const known = {};
async function lists(code) {
  if (known[code]) return known[code];
  const as = { token: await logIn('superadmin'), channel: `${code}-token` };
  const { customers, productVariants, eligible } = await admin('{ customers(options: { take: 100 }) { items { id emailAddress } } productVariants(options: { take: 100 }) { items { id sku price } } eligible: shippingMethods { items { id code } } }', {}, as);
  return known[code] = { customers: customers.items.filter(one => one.emailAddress.startsWith(code)), variants: productVariants.items, shipping: eligible.items };
}

const sessions = {};
async function session(login, moment) {
  const held = sessions[login];
  if (!held || moment - held.at > 3600e3 * 10) sessions[login] = { token: await logIn(login), at: moment };
  return sessions[login].token;
}

const FIELDS = '... on Order { id code state totalWithTax } ... on ErrorResult { errorCode message }';
const address = { fullName: 'Kim', streetLine1: 'Main street 1', city: 'Town', postalCode: '12345', countryCode: 'DE' };

async function counterSale(code, moment, later) {
  const { customers, variants, shipping } = await lists(code);
  const login = `${code}.sales.${oneOf(['anna', 'bert'])}`;
  const as = { token: await session(login, moment), channel: `${code}-token` };
  const kind = weighed([['paid', 80], ['abandoned', 4], ['returned', 8], ['quote', 8]]);
  const { createDraftOrder: { id } } = await admin('mutation { createDraftOrder { id } }', {}, as);
  await admin(`mutation($o: ID!, $c: ID!) { setCustomerForDraftOrder(orderId: $o, customerId: $c) { ${FIELDS} } }`, { o: id, c: oneOf(customers).id }, as);
  const taken = new Set();
  for (let line = between(1, 4); line; line--) {
    const variant = oneOf(chance() < 0.9 ? variants.filter(one => one.sku !== 'SAM-1') : variants);
    if (taken.has(variant.id)) continue;
    taken.add(variant.id);
    await admin(`mutation($o: ID!, $i: AddItemToDraftOrderInput!) { addItemToDraftOrder(orderId: $o, input: $i) { ${FIELDS} } }`, { o: id, i: { productVariantId: variant.id, quantity: between(1, 3) } }, as);
  }
  await admin('mutation($o: ID!, $i: CreateAddressInput!) { setDraftOrderShippingAddress(orderId: $o, input: $i) { id } }', { o: id, i: address }, as);
  await admin(`mutation($o: ID!, $s: ID!) { setDraftOrderShippingMethod(orderId: $o, shippingMethodId: $s) { ${FIELDS} } }`, { o: id, s: (chance() < 0.7 ? shipping[0] : shipping[1]).id }, as);
  const finish = async now => {
    const who = { token: await session(login, now), channel: `${code}-token` };
    await admin(`mutation($o: ID!) { transitionOrderToState(id: $o, state: "ArrangingPayment") { ${FIELDS} ... on OrderStateTransitionError { transitionError } } }`, { o: id }, who);
    await admin(`mutation($i: ManualPaymentInput!) { addManualPaymentToOrder(input: $i) { ${FIELDS} } }`, { i: { orderId: id, method: weighed([['cash', 40], ['card', 60]]), transactionId: '', metadata: {} } }, who);
  };
  if (kind === 'paid' || kind === 'returned') await finish(moment);
  if (kind === 'quote') later(moment + between(20, 150) * 60e3, finish);
  if (kind === 'abandoned') later(moment + between(20, 90) * 60e3, async now => admin('mutation($o: ID!) { deleteDraftOrder(orderId: $o) { result } }', { o: id }, { token: await session(`${code}.lead`, now), channel: `${code}-token` }));
  if (kind === 'returned') later(moment + between(30, 100) * 60e3, async now => {
    const lead = { token: await session(`${code}.lead`, now), channel: `${code}-token` };
    const { order } = await admin('query($o: ID!) { order(id: $o) { payments { id amount } } }', { o: id }, lead);
    await admin(`mutation($i: CancelOrderInput!) { cancelOrder(input: $i) { ${FIELDS} } }`, { i: { orderId: id, cancelShipping: true, reason: 'brought back' } }, lead);
    const [payment] = order.payments;
    const { refundOrder } = await admin('mutation($i: RefundOrderInput!) { refundOrder(input: $i) { ... on Refund { id state } ... on ErrorResult { errorCode message } } }', { i: { paymentId: payment.id, amount: payment.amount, lines: [], shipping: 0, adjustment: 0, reason: 'brought back' } }, lead);
    if (refundOrder.state !== 'Settled') await admin('mutation($i: SettleRefundInput!) { settleRefund(input: $i) { ... on Refund { id } ... on ErrorResult { errorCode message } } }', { i: { id: refundOrder.id, transactionId: 'by hand' } }, lead);
  });
  if (kind === 'paid') later(moment + between(60, 300) * 60e3, async now => {
    const who = { token: await session(login, now), channel: `${code}-token` };
    const { order } = await admin('query($o: ID!) { order(id: $o) { lines { id quantity } } }', { o: id }, who);
    await admin('mutation($i: FulfillOrderInput!) { addFulfillmentToOrder(input: $i) { ... on Fulfillment { id } ... on ErrorResult { errorCode message } } }', { i: { lines: order.lines.map(one => ({ orderLineId: one.id, quantity: one.quantity })), handler: { code: 'manual-fulfillment', arguments: [{ name: 'method', value: 'by hand' }, { name: 'trackingCode', value: '' }] } } }, who);
  });
}

async function webSale(code, moment) {
  const { variants, shipping } = await lists(code);
  const channel = `${code}-token`;
  const first = await shop(`mutation($v: ID!, $q: Int!) { addItemToOrder(productVariantId: $v, quantity: $q) { ${FIELDS} } }`, { v: oneOf(variants).id, q: between(1, 2) }, { channel });
  const as = { token: first.token, channel };
  if (chance() < 0.2) return;  // left in the cart, as people do
  await shop(`mutation($i: CreateCustomerInput!) { setCustomerForOrder(input: $i) { ${FIELDS} } }`, { i: { firstName: 'Web', lastName: `Guest ${between(1, 999)}`, emailAddress: `guest${between(1, 9999)}@web.example.com` } }, as);
  await shop(`mutation($i: CreateAddressInput!) { setOrderShippingAddress(input: $i) { ${FIELDS} } }`, { i: address }, as);
  await shop(`mutation($s: [ID!]!) { setOrderShippingMethod(shippingMethodId: $s) { ${FIELDS} } }`, { s: [shipping[1].id] }, as);
  await shop(`mutation { transitionOrderToState(state: "ArrangingPayment") { ${FIELDS} ... on OrderStateTransitionError { transitionError } } }`, {}, as);
  await shop(`mutation($i: PaymentInput!) { addPaymentToOrder(input: $i) { ${FIELDS} } }`, { i: { method: 'cash', metadata: {} } }, as);
}

async function main() {
  const day = 86400e3;
  const first = Date.parse(facts.first), last = Date.parse(facts.last);
  goTo(first - 3 * day);
  const app = await populate(() => core.bootstrap(config).then(async app => { await app.get(core.JobQueueService).start(); return app; }), initialData);
  await masters();
  for (let start = first; start < last; start += day) {
    const weekend = [0, 6].includes(new Date(start).getUTCDay());
    const events = [];
    const later = (at, what) => { if (at < last) { events.push({ at, what }); events.sort((one, other) => one.at - other.at); } };
    for (const code of ['north', 'south']) {
      const count = { north: 24, south: 16 }[code] - (weekend ? 7 : 0) + between(-3, 3);
      for (let number = 0; number < count; number++) later(start + (9 * 60 + between(5, 410)) * 60e3 + between(0, 59999) - facts.east * 1000, now => counterSale(code, now, later));
      for (let number = between(4, 7); number; number--) later(start + between(7 * 60, 22 * 60) * 60e3 - facts.east * 1000, now => webSale(code, now));
    }
    while (events.length) {
      const { at, what } = events.shift();
      goTo(at);
      await what(at);
    }
    console.log(new Date(start).toISOString(), 'lived');
  }
  goTo(last);
  await new Promise(done => setTimeout(done, 3000));
  await app.close();
  process.exit(0);
}
main().catch(error => { console.error(error); process.exit(1); });
