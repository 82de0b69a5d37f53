// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// The few habits of HTTP that the answers share.

export function json(response, status, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

export function problem(response, status, title, detail = title) {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title, status, detail }));
}

export function bytes(response, contentType, body, headers = {}) {
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': body.length, ...headers });
  response.end(body);
}

export async function readJson(request) {
  let text = '';
  for await (const part of request) {
    text += part;
    if (text.length > 65_536) throw new Error('too large');
  }
  return JSON.parse(text);
}

export const cookie = (request, name) =>
  (request.headers.cookie ?? '')
    .split('; ')
    .find((item) => item.startsWith(`${name}=`))
    ?.slice(name.length + 1);
