// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

Console.WriteLine("rookery");
