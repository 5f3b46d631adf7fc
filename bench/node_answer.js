// SPDX-License-Identifier: Apache-2.0
// node_answer.js FILE - always answers what FILE holds, headers, an empty line
// and the body, by Node's own http module; prints its URL.
'use strict';

const fs = require('node:fs');
const http = require('node:http');

const text = fs.readFileSync(process.argv[2], 'utf8');
const end = text.indexOf('\r\n\r\n');
const body = Buffer.from(text.slice(end + 4));
const headers = text.slice(0, end).split('\r\n').slice(1)
    .map((line) => line.split(': ', 2))
    .filter(([name]) => name.toLowerCase() !== 'date')
    .flat();

const server = http.createServer((request, response) => {
    response.writeHead(200, headers);
    response.end(body);
});

server.listen(0, '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${server.address().port}`);
});
