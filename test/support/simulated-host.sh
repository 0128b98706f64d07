# Makes a host of its own out of this process and its children: own network, process numbers, host name, and a file
# system in which nothing that is written reaches the real one, except below /tmp and the project's folder.
# Arguments: an empty folder for its file system, the project's folder, the folder for temporary files, its name, the last
# number of its addresses, and the process in whose network the other end of eth0 is, if there is a wire.
set -e
layer=$1
project=$2
temporary=$3
name=$4
number=$5
wire=$6
# As long as the processes of the machine are seen, by their files only.
if [ -n "$wire" ]; then
    ip link add eth0 index 10 address "02:00:00:00:00:$number" type veth peer name "port$number" netns "/proc/$wire/ns/net"
fi
mount -t tmpfs tmpfs "$layer"
mkdir "$layer/upper" "$layer/work" "$layer/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$layer/root"
cd "$layer/root"
for folder in /sys /dev "$temporary" "$project"; do
    mount --rbind "$folder" ".$folder"
done
mount -t proc proc ./proc
mount -t tmpfs tmpfs ./run
mkdir old-root
pivot_root . old-root
umount -l /old-root
rmdir /old-root
hostname "$name"
ip link set lo up
if [ -z "$wire" ]; then
    # Both ends stay in here: the address counts, nobody answers.
    ip link add eth0 index 10 address "02:00:00:00:00:$number" type veth peer name peer0 index 11
    ip link set peer0 up
fi
ip link set eth0 up
ip address add "192.168.40.$number/24" dev eth0
ip -6 address add "fd00:40::$number/64" dev eth0 nodad
ip route add default via 192.168.40.1
echo ready
exec sleep infinity
