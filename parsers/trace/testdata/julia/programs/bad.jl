function f( x
 y = 
