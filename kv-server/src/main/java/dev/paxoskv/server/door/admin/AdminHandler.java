package dev.paxoskv.server.door.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.server.door.Farewell;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One visitor: one request, one answer, and the connection closes. */
final class AdminHandler extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

  private final Pages pages;
  private final Visitors visitors;
  private boolean isAsked;

  AdminHandler(Pages pages, Visitors visitors) {
    this.pages = pages;
    this.visitors = visitors;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
    // Of a body, or a second request, nothing is wanted: the connection closes behind the answer.
    if (!isAsked && part instanceof HttpRequest request) {
      isAsked = true;
      visitors.asked(ctx.channel());
      ctx.channel().config().setAutoRead(false);
      answer(ctx, request);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !isAsked) {
      ctx.close();
    }
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      Throwable why = request.decoderResult().cause();
      write(ctx, Page.error(400, "bad request: " + why.getMessage()));
      return;
    }
    String path = path(request.uri());
    // The codec leaves the body out of what answers HEAD.
    boolean isAnswered =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    Optional<CompletableFuture<Page>> page = isAnswered ? pages.at(path) : Optional.empty();
    if (!isAnswered) {
      write(ctx, Page.error(405, "only GET and HEAD are answered here"));
    } else if (page.isEmpty()) {
      write(ctx, Page.error(404, "there is /livez, /readyz, /metrics and /status"));
    } else {
      page.get()
          .whenCompleteAsync(
              (found, why) -> write(ctx, why == null ? found : failed(why)), ctx.executor());
    }
  }

  /** As proxies ask, the host may be in front of it: {@code http://HOST:PORT/livez?now}. */
  private static String path(String target) {
    int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
    String rest = target;
    if (scheme > 0) {
      int slash = target.indexOf('/', scheme + 3);
      rest = slash < 0 ? "/" : target.substring(slash);
    }
    return rest.split("\\?", 2)[0];
  }

  private static Page failed(Throwable why) {
    Throwable cause =
        why instanceof CompletionException ? Optional.ofNullable(why.getCause()).orElse(why) : why;
    if (cause instanceof TimeoutException) {
      return Page.unavailable("the protocol thread does not answer");
    } else if (cause instanceof IllegalStateException) {
      return Page.unavailable("the server has stopped: " + cause.getMessage());
    }
    LOG.error("the admin door has failed, please report: {}", cause.toString(), cause);
    return Page.error(500, "internal error; the server's log has it");
  }

  private void write(ChannelHandlerContext ctx, Page page) {
    byte[] body = page.body().getBytes(UTF_8);
    FullHttpResponse response = new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(page.status()),
        Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, page.type())
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (page.status() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    ctx.writeAndFlush(response).addListener(out -> {
      visitors.answered(ctx.channel());
      Farewell.to(ctx.channel());
    });
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("closed visitor {}: {}", ctx.channel().remoteAddress(), cause.getMessage());
    ctx.close();
  }
}
