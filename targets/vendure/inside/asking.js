// Questions to the shop's own two APIs, as its people and customers ask them.
const fs = require('fs');
const facts = JSON.parse(fs.readFileSync(process.env.SHOP_FACTS, 'utf8'));
const port = process.env.SHOP_PORT;

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
    { u: username, p: username === 'superadmin' ? facts.owner : facts.passwords[username] });
  return told.token;
}

module.exports = { facts, admin, shop, logIn };
