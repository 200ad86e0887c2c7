#!/usr/bin/env node
// The command, as npm scripts of this repository run it. The program itself is the package's.
import '../lib/cli/keyturn.cjs';
