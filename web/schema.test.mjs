// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generateSchema, schemaFile } from './schema.mjs';

test('the types of the API are those of its committed description; if not, run: npm run types', async () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(await generateSchema());
});
