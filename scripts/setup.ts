import { fetchImagePackages } from './image/rootfs.js';
import { fetchToolImagePackages } from './package/image.js';
import { ensurePrograms } from './support/programs.js';
import { unpackPackages } from './support/unpacked.js';

/** What the tests start besides Node: real servers and the tools that look at them. */
ensurePrograms({ etcd: 'etcd-server', etcdctl: 'etcd-client', openssl: 'openssl', zsh: 'zsh', fish: 'fish', script: 'bsdutils', ip: 'iproute2', nsenter: 'util-linux', man: 'man-db', lexgrog: 'man-db', groff: 'groff-base' });
/** What a lab runs on its hosts. */
ensurePrograms({ iptables: 'iptables', ipset: 'ipset', nft: 'nftables', conntrack: 'conntrack', ping: 'iputils-ping' });
ensurePrograms({ dockerd: 'docker.io', docker: 'docker.io', podman: 'podman', runc: 'runc' });

/** BIRD 1.6 and BIRD 2 cannot be installed side by side; the libraries are those of BIRD 2. */
const kerberos = ['libgssapi-krb5-2', 'libkrb5-3', 'libk5crypto3', 'libkrb5support0', 'libcom-err2', 'libkeyutils1'];
unpackPackages(['bird', 'bird2', 'containernetworking-plugins', 'libssh-gcrypt-4', 'libgcrypt20', 'libgpg-error0', ...kerberos]);
fetchImagePackages();
fetchToolImagePackages();
