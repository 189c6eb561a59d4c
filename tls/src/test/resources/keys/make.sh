#!/bin/sh
# Makes these keys anew, in each form that OpenSSL writes. They are for tests only: everybody can
# read them.
set -e
cd "$(dirname "$0")"
# Certificates hold from 2020 on, whatever the clock of the machine that makes them says.
issue() { # name, subject, arguments that name the issuer, extensions, begin, end
  openssl req -new -key "$1.key" -subj "/CN=$2" -out ca/csr
  printf "%b" "$4" > ca/ext
  openssl ca -batch -notext -config ca/cnf -in ca/csr -out "$1.crt" $3 -extfile ca/ext \
    -startdate "${5:-20200101000000Z}" -enddate "${6:-21200101000000Z}"
}
mkdir ca
: > ca/index.txt
cat > ca/cnf <<'END'
[ca]
default_ca = d
[d]
database = ca/index.txt
rand_serial = yes
new_certs_dir = ca
default_md = sha256
unique_subject = no
policy = p
[p]
commonName = supplied
END
authority='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n'
leaf='basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName='

leaf="${leaf}DNS:localhost\n"
openssl ecparam -name prime256v1 -genkey -noout -out root.key
issue root "Test only root" "-selfsign -keyfile root.key" "$authority"
by="-cert root.crt -keyfile root.key"
openssl ecparam -name prime256v1 -genkey -noout -out intermediate.key
issue intermediate "Test only intermediate" "$by" "$authority"
openssl genrsa -traditional -out rsa.key 2048
issue rsa "Test only rsa" "-cert intermediate.crt -keyfile intermediate.key" "$leaf"
openssl ecparam -name secp384r1 -genkey -noout -out ec.key
issue ec "Test only ec" "$by" "$leaf"
openssl genpkey -algorithm ed25519 -out ed25519.key
issue ed25519 "Test only ed25519" "$by" "$leaf"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out expired.key
issue expired "Test only expired" "$by" "$leaf" 20200101000000Z 20200201000000Z
openssl pkcs8 -topk8 -nocrypt -in rsa.key -out rsa-pkcs8.key
openssl pkcs8 -topk8 -v2 aes-256-cbc -passout pass:right -in rsa.key -out rsa-encrypted.key
mv rsa.key rsa-pkcs1.key
openssl pkcs8 -topk8 -nocrypt -in ec.key -out ec-pkcs8.key
openssl pkcs8 -topk8 -v2 aes-128-cbc -passout pass:right -in ec.key -out ec-encrypted.key
mv ec.key ec-sec1.key
printf 'right\n' > passphrase
cat rsa.crt intermediate.crt > rsa-chain.crt
cat ec.crt ec-pkcs8.key > ec-both.pem
rm -r root.key intermediate.key ca
