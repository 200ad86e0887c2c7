// node:test follows every promise with async_hooks, to name the test that a late error belongs to. The worlds of these
// tests make millions of promises: that was a quarter of the time of the suite. A late error fails its file all the same.
const hooks = require('node:async_hooks');

const nothing = {
  enable() {
    return this;
  },
  disable() {
    return this;
  },
};
hooks.createHook = () => nothing;
