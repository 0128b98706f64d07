# Makes a network of hosts that share nothing with the real ones but the file system: a bridge, and a network namespace
# host1, host2 ... for each. /run is a file system of its own, so that the names of the namespaces are seen in here only.
# Arguments: the number of hosts.
set -e
mount -t tmpfs tmpfs /run
ip link add br0 type bridge
ip link set br0 up
for number in $(seq "$1"); do
    ip netns add "host$number"
    ip link add "port$number" type veth peer name eth0 netns "host$number"
    ip link set "port$number" master br0 up
    ip -n "host$number" address add "192.168.40.1$number/24" dev eth0
    ip -n "host$number" address add "fd00:40::1$number/64" dev eth0 nodad
    ip -n "host$number" link set eth0 up
    ip -n "host$number" link set lo up
done
echo ready
exec sleep infinity
