import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

/** The limit: the least that any receiver of webhooks must do. Reads the body, checks the HMAC, parses, answers. */
const secret = process.env['WEBHOOK_SECRET'] ?? '';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const due = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    const given = Buffer.from(String(request.headers['x-hub-signature-256']));
    const genuine = due.length === given.length && timingSafeEqual(due, given);
    if (genuine) JSON.parse(body.toString('utf8'));
    response.statusCode = genuine ? 200 : 401;
    response.end('ok\n');
  });
});
server.listen(Number(process.env['PORT']), process.env['HOST']);
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
