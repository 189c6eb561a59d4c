#!/bin/sh
# Makes the keys of the examples anew. They are for tests only: everybody can read them.
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

openssl ecparam -name prime256v1 -genkey -noout -out authority.key
issue authority "Test only authority" "-selfsign -keyfile authority.key" "$authority"
by="-cert authority.crt -keyfile authority.key"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out localhost.key
issue localhost "Test only localhost" "$by" "${leaf}DNS:localhost,IP:127.0.0.1,IP:::1\n"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out api.key
issue api "Test only api" "$by" "${leaf}DNS:api.example.com,DNS:*.api.example.com\n"
printf 'test only\n' > api.passphrase
openssl pkcs8 -topk8 -v2 aes-256-cbc -in api.key -passout file:api.passphrase -out api-encrypted.key
rm -r api.key authority.key ca
