// This process's clock, and that of its database sessions, can be set: so weeks of trade are lived in minutes.
// To be required before anything else.
const path = require('path');
const { createRequire } = require('module');
const need = createRequire(path.join(process.env.SHOP_SOFTWARE, 'package.json'));

const RealDate = Date;
let ahead = null;  // milliseconds; the real time until it is set

class MovedDate extends RealDate {
  constructor(...given) { given.length ? super(...given) : super(RealDate.now() + (ahead ?? 0)); }
  static now() { return RealDate.now() + (ahead ?? 0); }
}
globalThis.Date = MovedDate;

const mysql = need('mysql2');
const createPool = mysql.createPool;
mysql.createPool = (...given) => {
  const pool = createPool(...given);
  // Statements of a connection keep their order, so this one is before whatever it was acquired for.
  pool.on('acquire', connection => {
    if (connection.setTo === ahead && RealDate.now() - connection.setAt < 50) return;
    connection.setTo = ahead;
    connection.setAt = RealDate.now();
    connection.query(`SET timestamp = ${((RealDate.now() + (ahead ?? 0)) / 1000).toFixed(6)}`, () => {});
  });
  return pool;
};

module.exports = { goTo: moment => { ahead = Math.max(ahead ?? -Infinity, moment - RealDate.now()); }, realNow: () => RealDate.now() };
