// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// The types of the API as TypeScript, made from docs/ref/openapi.json: written by types.mjs, compared by schema.test.mjs.

import { readFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const header = `// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// Generated from docs/ref/openapi.json by \`npm run types\`.

`;

export const schemaFile = new URL('src/api/schema.gen.ts', import.meta.url);

export async function generateSchema() {
  const description = JSON.parse(readFileSync(new URL('../docs/ref/openapi.json', import.meta.url), 'utf8'));
  const { schemas } = description.components;
  // Two places where the description says less than the contract: a time is never null unless its member may be,
  // and a span is a pair.
  schemas.WallTime = { type: 'string', format: 'date-time' };
  schemas.TimelineView.properties.spans.items = {
    type: 'array',
    prefixItems: [{ $ref: '#/components/schemas/WallTime' }, { $ref: '#/components/schemas/WallTime' }],
  };
  // Only the shapes: addresses are composed in client.ts.
  return header + astToString(await openapiTS({ ...description, paths: {} }));
}
