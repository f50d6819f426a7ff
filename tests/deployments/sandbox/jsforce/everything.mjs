// Calls every part of jsforce on one org and prints what each step saw as JSON: {step: value | {error, message}}.
// Input: one JSON document on standard input: {proxy, instance_url, version, apps: [{flow, …}], deploy_zip (base64)}.
import { createSign } from "node:crypto";
import { text } from "node:stream/consumers";
import jsforce from "jsforce";

const given = JSON.parse(await text(process.stdin));
const version = given.version ?? "62.0";
const app = (flow) => given.apps.find((each) => each.flow === flow);

function connect(more = {}) {
  const { oauth2, ...rest } = more;
  return new jsforce.Connection({
    httpProxy: given.proxy,
    instanceUrl: given.instance_url,
    loginUrl: given.instance_url,
    oauth2: { loginUrl: given.instance_url, httpProxy: given.proxy, ...oauth2 },
    version,
    ...rest,
  });
}

function assertion({ consumer_key, username, private_key }) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: consumer_key, sub: username, aud: given.instance_url, exp: Math.floor(Date.now() / 1000) + 120 };
  const unsigned = `${part({ alg: "RS256" })}.${part(claims)}`;
  return `${unsigned}.${createSign("RSA-SHA256").update(unsigned).sign(private_key, "base64url")}`;
}

const seen = {};
async function step(name, work) {
  try {
    seen[name] = await work();
  } catch (error) {
    seen[name] = { error: error.errorCode ?? error.name, message: String(error.message).slice(0, 600) };
  }
}

const jwt = app("jwt-bearer");
const connection = connect({ oauth2: { clientId: jwt.consumer_key } });
await step("jwt", async () => {
  const user = await connection.authorize({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: assertion(jwt),
  });
  return user.organizationId.startsWith("00D") && user.id.startsWith("005");
});
await step("client_credentials", async () => {
  const { consumer_key, client_secret } = app("client-credentials");
  const other = connect({ oauth2: { clientId: consumer_key, clientSecret: client_secret } });
  await other.authorize({ grant_type: "client_credentials" });
  return (await other.query("SELECT COUNT() FROM Account")).totalSize > 0;
});
await step("refresh", async () => {
  const { consumer_key, client_secret, refresh_token } = app("refresh-token");
  const other = connect({
    oauth2: { clientId: consumer_key, clientSecret: client_secret },
    accessToken: "00D000000000000!stale",
    refreshToken: refresh_token,
  });
  let refreshed = 0;
  other.on("refresh", () => (refreshed += 1));
  return { size: (await other.query("SELECT Id FROM Account LIMIT 1")).totalSize, refreshed };
});

const accounts = connection.sobject("Account");
await step("query_more", async () => {
  let page = await connection.query("SELECT Id FROM Account LIMIT 4500");
  const sizes = [page.records.length];
  while (!page.done) {
    page = await connection.queryMore(page.nextRecordsUrl);
    sizes.push(page.records.length);
  }
  return sizes;
});
await step("auto_fetch", async () => {
  const all = await connection.query("SELECT Id FROM Account LIMIT 4500", { autoFetch: true, maxFetch: 4100 });
  return all.records.length;
});
await step("events", async () => {
  const ids = [];
  const query = connection.query("SELECT Id FROM Account LIMIT 2500");
  await new Promise((resolve, reject) => {
    query.on("record", (record) => ids.push(record.Id)).on("end", resolve).on("error", reject);
    query.run({ autoFetch: true, maxFetch: 2500 });
  });
  return new Set(ids).size;
});
await step("batch_size", async () => {
  const page = await connection.query("SELECT Id FROM Account LIMIT 600", { headers: { "Sforce-Query-Options": "batchSize=200" } });
  return [page.records.length, page.done];
});
await step("scan_all", async () => (await connection.query("SELECT Id FROM Account LIMIT 3", { scanAll: true })).totalSize);
await step("explain", async () => (await connection.query("SELECT Id FROM Account").explain()).plans.length > 0);
await step("find", async () => {
  const found = await accounts.find({ Name: { $like: "%" } }, "Id, Name").sort({ Name: 1 }).limit(5).skip(2);
  return found.length;
});
await step("include", async () => {
  const found = await accounts.select("Id, Name").include("Contacts").select("LastName").limit(2).end().limit(3).execute();
  return found.length;
});
await step("count", async () => (await accounts.count()) > 0);

await step("life", async () => {
  const made = await accounts.create({ Name: "From jsforce" });
  const read = await accounts.retrieve(made.id);
  await accounts.update({ Id: made.id, Name: "Changed" });
  const found = await accounts.findOne({ Id: made.id }, ["Name"]);
  await accounts.destroy(made.id);
  return [made.success, read.Name, found.Name, (await accounts.find({ Id: made.id }, ["Id"])).length];
});
await step("many", async () => {
  const made = await accounts.create([{ Name: "One" }, { Name: "Two" }, {}]);
  const good = made.filter((each) => each.success).map((each) => each.id);
  const read = await accounts.retrieve(good);
  const gone = await accounts.destroy(good);
  return [made.map((each) => each.success), made[2].errors[0].statusCode, read.map((each) => each.Name), gone.every((each) => each.success)];
});
await step("all_or_none", async () => {
  const made = await accounts.create([{ Name: "Whole" }, {}], { allOrNone: true });
  return [made.map((each) => each.success), await accounts.count({ Name: "Whole" })];
});
await step("upsert_by_id", async () => {
  const made = await accounts.create({ Name: "To upsert" });
  const again = await accounts.upsert({ Id: made.id, Name: "Upserted" }, "Id");
  const name = (await accounts.retrieve(made.id)).Name;
  await accounts.destroy(made.id);
  return [again.success, name];
});
if (given.external_id) {
  const { sobject, field, values } = given.external_id;
  await step("upsert", async () => {
    const target = connection.sobject(sobject);
    const first = await target.upsert({ ...values, [field]: "jsforce-1" }, field);
    const second = await target.upsert({ ...values, [field]: "jsforce-1" }, field);
    const both = await target.upsert([{ ...values, [field]: "jsforce-1" }, { ...values, [field]: "jsforce-2" }], field);
    const found = await target.find({ [field]: { $like: "jsforce-%" } }, ["Id"]);
    await target.destroy(found.map((each) => each.Id));
    return [first.created ?? true, second.created ?? false, both.map((each) => each.success), found.length];
  });
}
await step("composite", async () => {
  const answer = await connection.requestPost(`/services/data/v${version}/composite`, {
    allOrNone: true,
    compositeRequest: [
      { method: "POST", url: `/services/data/v${version}/sobjects/Account`, referenceId: "a", body: { Name: "Composite" } },
      { method: "POST", url: `/services/data/v${version}/sobjects/Contact`, referenceId: "c", body: { LastName: "Part", AccountId: "@{a.id}" } },
      { method: "GET", url: `/services/data/v${version}/sobjects/Contact/@{c.id}?fields=AccountId`, referenceId: "r" },
      { method: "DELETE", url: `/services/data/v${version}/sobjects/Account/@{a.id}`, referenceId: "d" },
    ],
  });
  return answer.compositeResponse.map((each) => each.httpStatusCode);
});
await step("updated", async () => {
  const now = new Date(Date.now() + 60_000), before = new Date(Date.now() - 3_600_000);
  const made = await accounts.create({ Name: "Updated" });
  const updated = await accounts.updated(before, now);
  await accounts.destroy(made.id);
  const deleted = await accounts.deleted(before, now);
  return [updated.ids.includes(made.id), deleted.deletedRecords.some((each) => each.id === made.id)];
});

await step("describe", async () => {
  const described = await accounts.describe();
  const cached = await accounts.describe$();
  const all = await connection.describeGlobal();
  return [described.fields.length === cached.fields.length, described.childRelationships.length > 0, all.sobjects.some((each) => each.name === "Account")];
});
await step("layouts", async () => (await accounts.layouts()).layouts.length >= 0);
await step("compact_layouts", async () => (await accounts.compactLayouts()).compactLayouts.length >= 0);
await step("approval_layouts", async () => Array.isArray((await accounts.approvalLayouts()).approvalLayouts));
await step("list_views", async () => Array.isArray((await accounts.listviews()).listviews));
await step("recent", async () => Array.isArray(await connection.recent()));
await step("limits", async () => (await connection.limits()).DailyApiRequests.Max > 0);
await step("theme", async () => Array.isArray((await connection.theme()).themeItems));
await step("tabs", async () => Array.isArray(await connection.tabs()));
await step("quick_actions", async () => Array.isArray(await connection.quickActions()));
await step("identity", async () => (await connection.identity()).username);
await step("search", async () => {
  const made = await accounts.create({ Name: "Findable Zephyr" });
  const found = await connection.search("FIND {Zephyr} IN ALL FIELDS RETURNING Account(Id, Name)");
  await accounts.destroy(made.id);
  return found.searchRecords.map((each) => each.Name);
});
await step("chatter", async () => (await connection.chatter.resource("/users/me").retrieve()).username);
await step("versions", async () => (await connection.request("/services/data")).some((each) => each.version === version));

await step("tooling", async () => {
  const found = await connection.tooling.query("SELECT Id, Name FROM ApexClass LIMIT 1");
  const described = await connection.tooling.describeGlobal();
  const made = await connection.tooling.sobject("ApexClass").create({ Name: "FromJsforce", Body: "public class FromJsforce {}" });
  await connection.tooling.sobject("ApexClass").destroy(made.id);
  return [found.totalSize, described.sobjects.some((each) => each.name === "ApexClass"), made.success];
});
await step("anonymous_apex", async () => (await connection.tooling.executeAnonymous("System.debug(1);")).compiled);

await step("bulk2_load", async () => {
  const input = Array.from({ length: 30 }, (_, n) => ({ Name: `Bulk2 ${n}`, Phone: "1" }));
  const done = await connection.bulk2.loadAndWaitForResults({ object: "Account", operation: "insert", input: [...input, { Name: "", Phone: "1" }] });
  const ids = done.successfulResults.map((each) => ({ Id: each.sf__Id }));
  const gone = await connection.bulk2.loadAndWaitForResults({ object: "Account", operation: "delete", input: ids });
  return [done.successfulResults.length, done.failedResults.length, done.unprocessedRecords.length, gone.successfulResults.length];
});
await step("bulk2_query", async () => {
  const stream = await connection.bulk2.query("SELECT Id, Name FROM Account");
  return (await stream.toArray()).length;
});
await step("bulk_load", async () => {
  const made = await connection.bulk.load("Account", "insert", [{ Name: "Bulk1 a" }, { Name: "Bulk1 b" }]);
  const gone = await connection.bulk.load("Account", "delete", made.map((each) => ({ Id: each.id })));
  return [made.map((each) => each.success), gone.map((each) => each.success)];
});
await step("bulk_query", async () => {
  const stream = await connection.bulk.query("SELECT Id, Name FROM Account LIMIT 300");
  const rows = [];
  await new Promise((resolve, reject) => stream.on("record", (row) => rows.push(row)).on("end", resolve).on("error", reject));
  return rows.length;
});

const metadata = connection.metadata;
metadata.pollInterval = 50;
metadata.pollTimeout = 30_000;
await step("metadata_describe", async () => (await metadata.describe(version)).metadataObjects.some((each) => each.xmlName === "Profile"));
await step("metadata_list", async () => [await metadata.list([{ type: "PermissionSet" }, { type: "Profile" }], version)].flat().length > 1);
await step("metadata_read", async () => [await metadata.read("SecuritySettings", ["Security"])].flat()[0].fullName);
await step("metadata_life", async () => {
  const site = { fullName: "Jsforce_Site", url: "https://site.example", isActive: true, disableProtocolSecurity: false };
  const made = await metadata.create("RemoteSiteSetting", [site]);
  const changed = await metadata.update("RemoteSiteSetting", [{ ...site, url: "https://other.example" }]);
  const upserted = await metadata.upsert("RemoteSiteSetting", [{ ...site, description: "from jsforce" }]);
  const read = [await metadata.read("RemoteSiteSetting", ["Jsforce_Site"])].flat()[0];
  const renamed = await metadata.rename("RemoteSiteSetting", "Jsforce_Site", "Jsforce_Place");
  const gone = await metadata.delete("RemoteSiteSetting", ["Jsforce_Place"]);
  return [[made].flat()[0].success, [changed].flat()[0].success, [upserted].flat()[0].created, read.description, renamed.success, [gone].flat()[0].success];
});
await step("metadata_retrieve", async () => {
  const zip = await metadata.retrieve({ apiVersion: version, unpackaged: { version, types: [{ members: "*", name: "RemoteSiteSetting" }] } }).complete();
  return [String(zip.success), zip.zipFile.length > 100, [zip.fileProperties].flat().some((each) => each.type === "RemoteSiteSetting")];
});
await step("metadata_deploy", async () => {
  const done = await metadata.deploy(Buffer.from(given.deploy_zip, "base64"), { singlePackage: true, rollbackOnError: true }).complete(true);
  return [String(done.success), done.status, Number(done.numberComponentsDeployed)];
});
await step("metadata_deploy_rest", async () => {
  const done = await metadata.deployRest(Buffer.from(given.deploy_zip, "base64"), { singlePackage: true, checkOnly: true }).complete(true);
  return [String(done.success), done.status];
});

await step("soap", async () => [typeof (await connection.soap.getUserInfo()).userName, new Date((await connection.soap.getServerTimestamp()).timestamp).getTime() > 0]);
await step("refusal", async () => connection.query("SELECT Nope FROM Account"));
await step("not_found", async () => accounts.retrieve("001000000000000AAA"));
await step("limit_info", async () => connection.limitInfo.apiUsage.used > 0);
await step("logout", async () => {
  await connection.logout(true);
  return true;
});
console.log(JSON.stringify(seen));
