{-# LANGUAGE ScopedTypeVariables #-}
import Control.Exception; import qualified Data.Map as M; import GHC.Stack; import System.IO; import Control.Concurrent; import System.Environment
data Declined = Declined { code :: Int, why :: String } deriving Show
instance Exception Declined
debit :: HasCallStack => Int -> Int
debit n = if n > 5 then error ("balance too low\nfor " ++ show n) else n
charge :: HasCallStack => Int -> Int
charge n = debit n + 1
main = do
  a <- getArgs
  hSetBuffering stdout LineBuffering
  case a of
    ["error"] -> print (charge 9)
    ["throw"] -> throwIO (Declined 51 "no\nfunds")
    ["head"] -> print (head ([] :: [Int]))
    ["map"] -> print (M.fromList [(1,2)] M.! 3)
    ["thread"] -> do { m <- newEmptyMVar; _ <- forkIO (print (charge 9) `finally` putMVar m ()); takeMVar m; threadDelay 10000; putStrLn "done" }
    ["caught"] -> (print (charge 9)) `catch` \(e :: SomeException) -> hPutStrLn stderr ("ERROR charge failed: " ++ displayException e)
    ["io"] -> readFile "/nope" >>= putStr
    ["arith"] -> print (1 `div` (0 :: Int))
    ["pattern"] -> let f (Just x) = x in print (f (Nothing :: Maybe Int))
    ["assert"] -> assert (1 == 2) (putStrLn "x")
    ["undefined"] -> putStrLn undefined
    ["ioerror"] -> ioError (userError "no funds")
    ["block"] -> newEmptyMVar >>= \m -> takeMVar (m :: MVar ())
    ["stack"] -> putStrLn (prettyCallStack callStack) >> putStrLn "CallStack (from HasCallStack):" >> putStrLn "just prose"
    ["errno"] -> errorWithoutStackTrace "plain"
    ["record"] -> print (code undefined)
