// A small origin: answers what it got, by its hash. usage: node origin.js h1|h2 PORT
const crypto = require('crypto'), [version, port] = process.argv.slice(2);
require(version === 'h2' ? 'http2' : 'http').createServer((request, response) => {
  const hash = crypto.createHash('sha256');
  let length = 0;
  request.on('data', piece => { hash.update(piece); length += piece.length; });
  request.on('end', () => {
    if (request.url === '/download') {
      const size = 50 << 20, piece = Buffer.alloc(65536);
      let sent = 0;
      response.writeHead(200, { 'content-length': size });
      const more = () => {
        while (sent < size) {
          // The same bytes as PatternFile makes: each piece begins with its number.
          piece.writeUInt32BE(sent / piece.length, 0);
          sent += piece.length;
          if (!response.write(Buffer.from(piece))) return response.once('drain', more);
        }
        response.end();
      };
      return more();
    }
    const text = `${request.method} ${length} ${hash.digest('hex')}\n`;
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': text.length });
    response.end(text);
  });
}).listen(+port, '127.0.0.1');
