// Days of trade in the two branches, through the shop's own APIs.
const { goTo } = require('./clock.js');
const { facts, admin, shop, logIn } = require('./asking.js');

const DAY = 86400e3;
let seed = 4711;
const chance = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
const between = (low, high) => low + Math.floor(chance() * (high - low + 1));
const oneOf = list => list[Math.floor(chance() * list.length)];
const weighed = pairs => { let at = chance() * pairs.reduce((sum, [, weight]) => sum + weight, 0); for (const [what, weight] of pairs) { if ((at -= weight) < 0) return what; } return pairs[0][0]; };

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

// Each day is planned as it begins, by its date alone: so a copy that is lived on does what any other would.
class Life {
  constructor(midnight) { this.midnight = midnight; this.events = []; this.later = (at, what) => { this.events.push({ at, what }); this.events.sort((one, other) => one.at - other.at); }; }

  plan() {
    const start = this.midnight;
    this.midnight += DAY;
    seed = (start / 60e3) % 2147483648;
    const weekend = [0, 6].includes(new Date(start + facts.east * 1000).getUTCDay());
    for (const code of ['north', 'south']) {
      const count = { north: 24, south: 16 }[code] - (weekend ? 7 : 0) + between(-3, 3);
      for (let number = 0; number < count; number++) this.later(start + (9 * 60 + between(5, 410)) * 60e3 + between(0, 59999), now => counterSale(code, now, this.later));
      for (let number = between(4, 7); number; number--) this.later(start + between(7 * 60, 22 * 60) * 60e3, now => webSale(code, now));
    }
  }

  async until(moment) {
    while (true) {
      if (this.midnight <= moment && !(this.events.length && this.events[0].at < this.midnight)) { this.plan(); continue; }
      if (!this.events.length || this.events[0].at > moment) break;
      const { at, what } = this.events.shift();
      goTo(at);
      await what(at);
    }
    goTo(moment);
  }
}

module.exports = { Life, DAY };
