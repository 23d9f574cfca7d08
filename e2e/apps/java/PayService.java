import com.sun.net.httpserver.HttpServer;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A small ledger on the JDK's own HTTP server; java.util.logging writes to a file of its own. */
public class PayService {
    static final Logger LOG = Logger.getLogger("surepay.ledger");
    static final Map<String, Integer> BALANCES = Map.of("w-1", 100);

    static class LedgerException extends RuntimeException {
        LedgerException(String message, Throwable cause) { super(message, cause); }
    }

    static int debit(String wallet) {
        return BALANCES.get(wallet) - 10;
    }

    static int charge(String wallet) {
        try {
            return debit(wallet);
        } catch (NullPointerException e) {
            throw new LedgerException("charge of " + wallet + " failed: jdbc:postgresql://db/pay?user=app&password=" + System.getenv("DEMO_SECRET"), e);
        }
    }

    public static void main(String[] args) throws Exception {
        System.setErr(new PrintStream(new FileOutputStream(args[1], true), true));
        LOG.setUseParentHandlers(false);
        LOG.addHandler(new ConsoleHandler());
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
        server.createContext("/health", x -> { x.sendResponseHeaders(200, -1); x.close(); });
        server.createContext("/pay", x -> {
            int status = 200;
            try {
                charge(x.getRequestURI().getQuery().replace("w=", ""));
            } catch (RuntimeException e) {
                LOG.log(Level.SEVERE, "POST /pay failed", e);
                status = 500;
            }
            x.sendResponseHeaders(status, -1);
            x.close();
        });
        server.start();
    }
}
