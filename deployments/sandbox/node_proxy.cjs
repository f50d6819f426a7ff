// Loaded before a Node program (NODE_OPTIONS=--require=...): lets `fetch` of the undici packages it brings along honour
// HTTPS_PROXY. The Salesforce CLI exports in bulk past its own transport, with an undici of its own that reads no
// environment, so that behind any proxy it would fail.
const { realpathSync } = require("node:fs");
const { createRequire } = require("node:module");

if (process.env.HTTPS_PROXY && process.argv[1]) {
  try {
    const program = createRequire(realpathSync(process.argv[1]));
    const holder = createRequire(program.resolve("@salesforce/plugin-data/package.json"));
    const { EnvHttpProxyAgent, setGlobalDispatcher } = holder("undici");
    setGlobalDispatcher(new EnvHttpProxyAgent());
  } catch {
    // Another program: it has no such package, and nothing to be helped with.
  }
}
