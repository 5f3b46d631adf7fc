// SPDX-License-Identifier: Apache-2.0
// sdk_list.js URL COUNT - iterates a list with Okta's SDK, as its README does.
'use strict';

const okta = require('@okta/okta-sdk-nodejs');

async function main(orgUrl, expected) {
    const client = new okta.Client({
        orgUrl,
        token: process.env.OKTA_CLIENT_TOKEN,
    });
    const tokens = await client.apiTokenApi.listApiTokens();
    let count = 0;

    await tokens.each((token) => {
        if (token.id)
            count++;
    });
    if (count !== expected)
        throw new Error(`${count} tokens instead of ${expected}`);
}

main(process.argv[2], Number(process.argv[3])).catch((error) => {
    console.error(`sdk_list: ${error.message}`);
    process.exit(1);
});
