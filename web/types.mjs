// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// Writes src/api/schema.gen.ts from docs/ref/openapi.json. Usage: npm run types, after the API has changed.

import { writeFileSync } from 'node:fs';
import { generateSchema, schemaFile } from './schema.mjs';

writeFileSync(schemaFile, await generateSchema());
