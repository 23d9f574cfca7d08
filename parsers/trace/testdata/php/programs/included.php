<?php
intdiv(1, 0);
