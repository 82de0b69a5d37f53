// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// Writes src/api/schema.gen.ts from docs/ref/openapi.json. Usage: npm run types, after the API has changed.

import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const description = JSON.parse(readFileSync(new URL('../docs/ref/openapi.json', import.meta.url), 'utf8'));
const { schemas } = description.components;
// Two places where the description says less than the contract: a time is never null unless its member may be,
// and a span is a pair.
schemas.WallTime = { type: 'string', format: 'date-time' };
schemas.TimelineView.properties.spans.items = {
  type: 'array',
  prefixItems: [{ $ref: '#/components/schemas/WallTime' }, { $ref: '#/components/schemas/WallTime' }],
};

const header = `// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// Generated from docs/ref/openapi.json by \`npm run types\`.

`;
// Only the shapes: addresses are composed in client.ts.
const generated = await openapiTS({ ...description, paths: {} });
writeFileSync(new URL('src/api/schema.gen.ts', import.meta.url), header + astToString(generated));
