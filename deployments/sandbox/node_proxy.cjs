// Loaded before a Node program (NODE_OPTIONS=--require=...): lets `fetch` of the undici packages it brings along honour
// HTTPS_PROXY. The Salesforce CLI exports in bulk past its own transport, with an undici of its own that reads no
// environment, so that behind any proxy it would fail.
const { existsSync, realpathSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");

if (process.env.HTTPS_PROXY && process.argv[1]) {
  try {
    const folders = createRequire(realpathSync(process.argv[1])).resolve.paths("undici");
    const holder = folders.map((folder) => join(folder, "@salesforce", "plugin-data", "package.json")).find(existsSync);
    if (holder) {
      const { EnvHttpProxyAgent, setGlobalDispatcher } = createRequire(holder)("undici");
      setGlobalDispatcher(new EnvHttpProxyAgent());
    }
  } catch {
    // Another program: it has no such package, and nothing to be helped with.
  }
}
