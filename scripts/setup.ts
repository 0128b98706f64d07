import { ensurePrograms } from './support/programs.js';

/** What the tests start besides Node: real servers and the tools that look at them. */
ensurePrograms({ etcd: 'etcd-server', etcdctl: 'etcd-client', openssl: 'openssl', script: 'bsdutils' });
