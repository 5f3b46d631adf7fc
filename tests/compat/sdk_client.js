// sdk_client.js METHOD [JSON] - one call of @okta/okta-sdk-nodejs as it comes.
// Prints {"result" or "error", "exchanges"}; org, token and CA are in the
// environment, as the SDK itself reads them.
'use strict';

const okta = require('@okta/okta-sdk-nodejs');

async function call(client, method, parameters) {
  const result = await client.apiTokenApi[method](parameters);
  if (!(result instanceof okta.Collection)) return result;
  const all = [];
  await result.each((token) => {
    all.push(token);
  });
  return all;
}

// The SDK's models have Date where the wire has text.
const revive = (key, value) => (key === 'created' ? new Date(value) : value);

async function main([method, parameters = '{}']) {
  const exchanges = [];
  const executor = new okta.DefaultRequestExecutor();
  const client = new okta.Client({ requestExecutor: executor });
  executor.on('response', (answer) => {
    exchanges.push({
      target: answer.url,
      status: answer.status,
      headers: answer.headers.raw(),
    });
  });
  const told = { exchanges };
  try {
    told.result = await call(client, method, JSON.parse(parameters, revive));
  } catch (error) {
    told.error = {
      name: error.name,
      status: error.status,
      errorCode: error.errorCode,
      message: error.message,
      errorSummary: error.errorSummary,
      errorId: error.errorId,
      url: error.url,
    };
  }
  console.log(JSON.stringify(told));
}

main(process.argv.slice(2));
