// Logs in with a signed JWT and takes one Account through its whole life; prints what it saw as JSON.
// Input: one JSON document on standard input: {proxy, instance_url, consumer_key, username, private_key};
// `settings: false` leaves out the settings, which only administrators may read.
import { createSign } from "node:crypto";
import { text } from "node:stream/consumers";
import jsforce from "jsforce";

const given = JSON.parse(await text(process.stdin));

function assertion() {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    iss: given.consumer_key,
    sub: given.username,
    aud: "https://login.salesforce.com",
    exp: Math.floor(Date.now() / 1000) + 120,
  };
  const unsigned = `${part({ alg: "RS256" })}.${part(claims)}`;
  return `${unsigned}.${createSign("RSA-SHA256").update(unsigned).sign(given.private_key, "base64url")}`;
}

const connection = new jsforce.Connection({
  httpProxy: given.proxy,
  instanceUrl: given.instance_url,
  loginUrl: given.instance_url,
  oauth2: { clientId: given.consumer_key, loginUrl: given.instance_url, httpProxy: given.proxy },
  version: "62.0",
});
const user = await connection.authorize({
  grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
  assertion: assertion(),
});
const seen = { user_id: user.id, organization_id: user.organizationId };

const accounts = connection.sobject("Account");
const created = await accounts.create({ Name: "From jsforce" });
seen.created = created.success;
seen.read = (await accounts.retrieve(created.id)).Name;
seen.updated = (await accounts.update({ Id: created.id, Name: "From jsforce, again" })).success;
const found = await connection.query(`SELECT Id, Name FROM Account WHERE Id = '${created.id}'`);
seen.queried = found.records.map((record) => record.Name);
seen.deleted = (await accounts.destroy(created.id)).success;
seen.left = (await connection.query(`SELECT Id FROM Account WHERE Id = '${created.id}'`)).totalSize;
seen.fields = (await accounts.describe()).fields.length;
seen.identity = (await connection.identity()).username;
// Collections: several records in one call.
const many = await accounts.create([{ Name: "One" }, { Name: "Two" }]);
seen.many = many.map((each) => each.success);
seen.gone = (await accounts.destroy(many.map((each) => each.id))).map((each) => each.success);
seen.all = (await connection.query("SELECT Id FROM User", { autoFetch: true, maxFetch: 10000 })).totalSize;
try {
  await connection.query("SELECT Nope FROM Account");
} catch (error) {
  seen.refusal = error.errorCode;
}
seen.api_usage = connection.limitInfo.apiUsage.used > 0;
if (given.settings !== false) {
  const settings = await connection.metadata.read("SecuritySettings", ["Security"]);
  seen.settings = [settings].flat()[0].fullName;
}
console.log(JSON.stringify(seen));
