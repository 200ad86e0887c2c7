import * as z from 'zod';
import type { Invocation } from '../aws/types.ts';
import { urlHostOf } from './physical.ts';
import type { Template } from './template.ts';

/** What a function URL takes at most (AWS Lambda quotas, "Invocation payload": 6 MB, in and out). */
const MOST_BYTES = 6 * 1024 * 1024;

const Url = z.looseObject({ TargetFunctionArn: z.string(), AuthType: z.enum(['NONE', 'AWS_IAM']) });
const Permission = z.looseObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  FunctionUrlAuthType: z.string().optional(),
  InvokedViaFunctionUrl: z.boolean().optional(),
});
const Answered = z.looseObject({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
});

/**
 * The function URLs of a template, by host. Source: AWS Lambda Developer Guide, "Invoking Lambda function
 * URLs" and "Control access to Lambda function URLs".
 * Errors: a sentence for an authorization type that the sandbox does not know.
 */
export function functionUrls(
  template: Pick<Template, 'of'>,
  region: string,
  invoke: (functionArn: string, event: unknown) => Promise<Invocation>,
): Map<string, (request: Request) => Promise<Response>> {
  return new Map(
    template.of('AWS::Lambda::Url').map(({ properties }) => {
      const { TargetFunctionArn: arn, AuthType } = Url.parse(properties);
      if (AuthType !== 'NONE')
        throw new Error(`The sandbox does not know function URLs with the authorization ${AuthType}.`);
      const isOpen = isPublic(template, arn);
      return [
        urlHostOf(arn, region),
        (request: Request) =>
          isOpen
            ? serve(request, arn, invoke)
            : Promise.resolve(
                message(
                  403,
                  'Forbidden. For troubleshooting Function URL authorization issues, see: ' +
                    'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
                ),
              ),
      ];
    }),
  );
}

/**
 * Since October 2025 a public URL needs both actions: to be called by its URL, and to be invoked by way of
 * it.
 */
function isPublic(template: Pick<Template, 'of'>, arn: string): boolean {
  const open = template
    .of('AWS::Lambda::Permission')
    .map(({ properties }) => Permission.parse(properties))
    .filter(
      (one) =>
        one.Principal === '*' && (one.FunctionName === arn || arn.endsWith(`:function:${one.FunctionName}`)),
    );
  return (
    open.some((one) => one.Action === 'lambda:InvokeFunctionUrl' && one.FunctionUrlAuthType !== 'AWS_IAM') &&
    open.some((one) => one.Action === 'lambda:InvokeFunction' && one.InvokedViaFunctionUrl === true)
  );
}

async function serve(
  request: Request,
  arn: string,
  invoke: (functionArn: string, event: unknown) => Promise<Invocation>,
): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer());
  if (body.length > MOST_BYTES) return message(413, 'Request Too Long');
  const answer = await invoke(arn, eventOf(request, body));
  if (!('payload' in answer)) return message(502, 'Internal Server Error');
  const answered = Answered.safeParse(answer.payload);
  if (!answered.success) return Response.json(answer.payload);
  const { statusCode, headers, body: text = '', isBase64Encoded } = answered.data;
  return new Response(isBase64Encoded === true ? Buffer.from(text, 'base64') : text, {
    status: statusCode,
    ...(headers && { headers }),
  });
}

/** Payload format version 2.0. Text comes as it is, all else in Base64. */
function eventOf(request: Request, body: Buffer): object {
  const url = new URL(request.url);
  const isText = /^(text\/|application\/(json|xml|javascript))/.test(
    request.headers.get('content-type') ?? '',
  );
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: Object.fromEntries(request.headers),
    requestContext: {
      domainName: url.host,
      http: { method: request.method, path: url.pathname, protocol: 'HTTP/1.1' },
      routeKey: '$default',
      stage: '$default',
    },
    ...(body.length > 0 && { body: isText ? body.toString('utf8') : body.toString('base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function message(status: number, text: string): Response {
  return Response.json({ Message: text }, { status });
}
