// Sends this very process SIGTERM once its larger parts are being loaded: what a container's end does early in a start.
const { Module } = require("node:module");

const load = Module._load;
let sent = false;
Module._load = function (request, ...rest) {
  if (!sent && /(^|\/)(sequelize|pg|ioredis|pino)$/.test(request)) {
    sent = true;
    process.kill(process.pid, "SIGTERM");
  }
  return load.call(this, request, ...rest);
};
