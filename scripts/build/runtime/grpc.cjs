'use strict';
/*
 * The part of @grpc/grpc-js that a client of etcd uses. The package's own index loads server, channelz, admin services and
 * four load balancers at once (reference/speed 3.1). `grpc-js-part:` is resolved by scripts/build/patches.ts.
 */
const { ChannelCredentials } = require('grpc-js-part:channel-credentials');
const { loadPackageDefinition } = require('grpc-js-part:make-client');

exports.credentials = { createInsecure: ChannelCredentials.createInsecure, createSsl: ChannelCredentials.createSsl };
exports.loadPackageDefinition = loadPackageDefinition;
exports.Metadata = require('grpc-js-part:metadata').Metadata;
exports.connectivityState = require('grpc-js-part:connectivity-state').ConnectivityState;
exports.InterceptingCall = require('grpc-js-part:client-interceptors').InterceptingCall;
/** What names of our own resolving need; loaded where an endpoint has a name. */
exports.experimental = {
  get registerResolver() { return require('grpc-js-part:resolver').registerResolver; },
  get splitHostPort() { return require('grpc-js-part:uri-parser').splitHostPort; },
  get statusOrFromError() { return require('grpc-js-part:call-interface').statusOrFromError; },
  get statusOrFromValue() { return require('grpc-js-part:call-interface').statusOrFromValue; },
};

require('grpc-js-part:resolver-dns').setup();
require('grpc-js-part:resolver-ip').setup();
require('grpc-js-part:load-balancer-pick-first').setup();
