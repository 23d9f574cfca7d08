module Main (main) where
import GHC.Stack
import qualified Data.Map as M
import System.Environment
import Control.Exception
import System.IO
data Declined = Declined Int String deriving Show
instance Exception Declined
charge :: HasCallStack => Int -> Int
charge n = if n > 5 then error ("declined " ++ show n) else n
pay :: HasCallStack => Int -> Int
pay n = charge n + 1
main :: IO ()
main = do
  [c] <- getArgs
  case c of
    "error" -> print (pay 9)
    "undefined" -> print (undefined :: Int)
    "head" -> print (head ([] :: [Int]))
    "map" -> print ((M.fromList [(1 :: Int, 2 :: Int)]) M.! 7)
    "multi" -> error "first line\nsecond: line\n\nfourth"
    "throw" -> throwIO (Declined 51 "w-8912")
    "caught" -> do { hPutStrLn stderr "batch 77 start"; r <- try (evaluate (pay 9)) :: IO (Either ErrorCall Int); hPutStrLn stderr ("payment failed: " ++ either show show r); hPutStrLn stderr "batch 78 start" }
    "caught2" -> do { r <- try (evaluate (pay 9)) :: IO (Either SomeException Int); either (hPutStrLn stderr . displayException) print r; hPutStrLn stderr "done" }
    "ioerr" -> readFile "/srv/none" >>= putStr
    "div" -> print (1 `div` (0 :: Int))
    "empty" -> error ""
    "pattern" -> let (Just x) = (Nothing :: Maybe Int) in print x
    "prose" -> putStrLn "CallStack (from HasCallStack) is printed by error"
    _ -> pure ()
