-- Crashes as its argument says.
module Main (main) where

import Control.Concurrent
import Control.Exception
import GHC.Stack (HasCallStack)
import System.Environment (getArgs)
import System.IO

data PaymentError = PaymentError String SomeException deriving Show
instance Exception PaymentError

charge :: HasCallStack => Int -> Int
charge amount
  | amount < 0 = error ("amount " ++ show amount ++ " is below zero")
  | otherwise = 100 `div` amount

pay :: HasCallStack => Int -> IO Int
pay amount = evaluate (charge amount) `catch` (throwIO . PaymentError "card was not charged")

descend :: Int -> Int
descend n = 1 + descend (n + 1)

main :: IO ()
main = do
  hSetBuffering stderr LineBuffering
  [name] <- getArgs
  case name of
    "uncaught" -> print (charge (-3))
    "chained" -> pay (-1) >>= print
    "multiline" -> error "three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header"
    "recursion" -> print (descend 0)
    "partial" -> print (head (filter (> 3) [1, 2 :: Int]))
    "thread" -> do
      done <- newEmptyMVar
      _ <- forkFinally (pay 0 >>= print) (\_ -> putMVar done ())
      takeMVar done
      _ <- forkIO (print (charge (-2)))
      threadDelay 20000
    "logged" -> do
      pay (-1) `catch` \e -> do
        hPutStrLn stderr ("2026-11-22 05:28:11 [error] order 77 was lost: " ++ displayException (e :: PaymentError))
        return 0
      hPutStrLn stderr "2026-11-22 05:28:11 [warn] one more order waits"
    _ -> ioError (userError "no such case")
