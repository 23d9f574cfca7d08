from celery import Celery
import os
os.makedirs("queue", exist_ok=True)
app = Celery("app", broker="filesystem://", backend=None)
app.conf.broker_transport_options = {"data_folder_in": "queue", "data_folder_out": "queue"}
@app.task
def charge(w):
    print("charging", w)
    return {}[w]
@app.task
def chained(w):
    try: return {}[w]
    except KeyError as e: raise RuntimeError("charge failed\nsecond line") from e
@app.task(bind=True, max_retries=1)
def again(self, w):
    try: return {}[w]
    except KeyError as e: raise self.retry(exc=e, countdown=0)
