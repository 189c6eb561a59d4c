// A client of HTTP/2: GET, or POST if a file is given. Writes the content to its output.
// usage: node client.js URL CA-FILE [FILE]
const http2 = require('http2'), fs = require('fs'), [url, ca, file] = process.argv.slice(2);
const target = new URL(url);
const session = http2.connect(target.origin, { ca: fs.readFileSync(ca) });
const fail = error => { console.error(error); process.exit(1); };
session.on('error', fail);
const stream = session.request({ ':path': target.pathname, ':method': file ? 'POST' : 'GET' }, { endStream: !file });
stream.on('error', fail);
stream.on('response', head => head[':status'] === 200 || fail(head[':status']));
stream.on('end', () => session.close());
stream.pipe(process.stdout);
if (file) fs.createReadStream(file).pipe(stream);
